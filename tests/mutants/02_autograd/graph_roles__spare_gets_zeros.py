# mistake: believes that every tensor that asks for a gradient gets one
# caught: check_graph_roles
# says: is it used anywhere on the way
role_of_x = "outside"
role_of_w = "keeps"
role_of_tuned = "passes"
role_of_spare = "keeps"
role_of_parts = "passes"
role_of_copy = "outside"
role_of_scale = "outside"
role_of_minutes = "passes"
