# mistake: counts characters
# caught: check_utf8
# says: how many does the ā take
utf8 = {'tala': 4, 'fāgogo': 6, '“E”': 3, '日本': 2, '🙂!': 2}
