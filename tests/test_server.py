"""An index on a Chroma server, shared by machines that have nothing but its address."""
