# mistake: takes four bytes for everything that is not plain
# caught: check_utf8
# says: how many does the ā take
utf8 = {'tala': 4, 'fāgogo': 9, '“E”': 9, '日本': 8, '🙂!': 5}
