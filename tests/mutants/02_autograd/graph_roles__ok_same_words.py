# why: the plain answer in another order
role_of_minutes = 'passes'
role_of_scale = 'outside'
role_of_copy = 'outside'
role_of_parts = 'passes'
role_of_spare = 'outside'
role_of_tuned = 'passes'
role_of_w = 'keeps'
role_of_x = 'outside'
