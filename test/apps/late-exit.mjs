if (process.env.TROUBLE) process.exit(9)
