# Prints how many mounts are below the directory in the environment's "directory" (proc_pid_mountinfo(5): the fifth
# field).
BEGIN { prefix = ENVIRON["directory"] "/" }
index(decoded($5), prefix) == 1 { below++ }
END { print below + 0 }
