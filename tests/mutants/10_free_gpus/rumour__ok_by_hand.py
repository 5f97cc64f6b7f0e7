# why: by hand, rounded to two places
overhead_for_8 = 3.07
overhead_for_9 = 3.46
