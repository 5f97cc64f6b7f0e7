# mistake: reads requires_grad=True and overlooks the product
# caught: check_graph_roles
# says: the product of a leaf and 0.5
role_of_x = "outside"
role_of_w = "keeps"
role_of_tuned = "keeps"
role_of_spare = "outside"
role_of_parts = "passes"
role_of_copy = "outside"
role_of_scale = "outside"
role_of_minutes = "passes"
