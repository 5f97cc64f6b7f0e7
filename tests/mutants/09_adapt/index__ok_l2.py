# why: distances of unit vectors, turned into cosines
def build_index(vectors):
    unit = vectors / vectors.norm(dim=1, keepdim=True).clamp_min(1e-12)
    index = faiss.index_factory(vectors.shape[1], "Flat", faiss.METRIC_L2)
    index.add(unit.contiguous().numpy())
    return index


def nearest(index, vector, k):
    length = float(vector.norm())
    unit = (vector / max(length, 1e-12)).reshape(1, -1).numpy()
    distances, rows = index.search(unit, min(k, index.ntotal))
    return [
        (int(row), 1 - float(distance) / 2 if length > 0 else 0.0) for row, distance in zip(rows[0], distances[0])
    ]
