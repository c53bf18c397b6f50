def refused_file(batch):
    return b""
