if (process.env.TROUBLE) await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
