"""The data maker: invented communities of any size, whose people, homes, kin and visits hang together."""
