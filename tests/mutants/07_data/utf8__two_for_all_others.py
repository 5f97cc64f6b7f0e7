# mistake: takes two bytes for everything that is not plain
# caught: check_utf8
# says: three bytes for each sign
utf8 = {'tala': 4, 'fāgogo': 7, '“E”': 5, '日本': 4, '🙂!': 3}
