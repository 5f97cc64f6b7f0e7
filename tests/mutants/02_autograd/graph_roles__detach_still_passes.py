# mistake: thinks that detach only copies
# caught: check_graph_roles
# says: what did detach() leave behind
role_of_x = "outside"
role_of_w = "keeps"
role_of_tuned = "passes"
role_of_spare = "outside"
role_of_parts = "passes"
role_of_copy = "passes"
role_of_scale = "outside"
role_of_minutes = "passes"
