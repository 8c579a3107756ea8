"""What the machine did while it trained: time, memory, the GPU, the optimizer's steps."""
