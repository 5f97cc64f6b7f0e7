# why: floats for counts
stalls_at = dict(float16=2.0 * 1024, bfloat16=2.0 * 128, float32=float(2**24))
