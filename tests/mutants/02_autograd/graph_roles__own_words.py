# mistake: answers in words of his own
# caught: check_graph_roles
# says: is every answer one of keeps, passes, outside
role_of_x = "outside"
role_of_w = "yes"
role_of_tuned = "passes"
role_of_spare = "outside"
role_of_parts = "passes"
role_of_copy = "outside"
role_of_scale = "outside"
role_of_minutes = "passes"
