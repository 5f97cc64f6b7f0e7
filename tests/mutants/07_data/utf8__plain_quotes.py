# mistake: takes curly quotes for plain ones
# caught: check_utf8
# says: curly quotes are not plain quotes
utf8 = {'tala': 4, 'fāgogo': 7, '“E”': 3, '日本': 6, '🙂!': 5}
