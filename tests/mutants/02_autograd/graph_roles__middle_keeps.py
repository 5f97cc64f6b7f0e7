# mistake: thinks that every tensor on the way keeps its gradient
# caught: check_graph_roles
# says: it was computed, so is it a leaf
role_of_x = "outside"
role_of_w = "keeps"
role_of_tuned = "passes"
role_of_spare = "outside"
role_of_parts = "keeps"
role_of_copy = "outside"
role_of_scale = "outside"
role_of_minutes = "keeps"
