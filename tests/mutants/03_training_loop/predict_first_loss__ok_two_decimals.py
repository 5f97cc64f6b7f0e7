# why: as asked, two decimals
first_loss = 2.30
