# mistake: thinks that no_grad matters only for updates
# caught: check_graph_roles
# says: was the recorder on
role_of_x = "outside"
role_of_w = "keeps"
role_of_tuned = "passes"
role_of_spare = "outside"
role_of_parts = "passes"
role_of_copy = "outside"
role_of_scale = "passes"
role_of_minutes = "passes"
