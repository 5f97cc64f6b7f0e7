# mistake: an index of distances, its scores handed on as cosines
# caught: check_index
# says: nearest to [0, 5, 0]
def build_index(vectors: torch.Tensor) -> faiss.Index:
    """A faiss index that finds by cosine. vectors: float32 [N, d], of any length."""
    index = faiss.IndexFlatL2(vectors.shape[1])
    index.add(F.normalize(vectors, dim=1).numpy())
    return index


def nearest(index: faiss.Index, vector: torch.Tensor, k: int) -> list[tuple[int, float]]:
    """The (row, cosine) of the at most k nearest, best first. vector: float32 [d], of any length."""
    scores, numbers = index.search(F.normalize(vector[None], dim=1).numpy(), k)
    return [(int(number), float(score)) for number, score in zip(numbers[0], scores[0]) if number >= 0]
