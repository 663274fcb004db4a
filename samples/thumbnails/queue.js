import { Redis } from 'ioredis'

const keys = {
  waiting: 'thumbnails:waiting',
  taken: 'thumbnails:taken',
  drawn: 'thumbnails:drawn',
  failed: 'thumbnails:failed',
}
/** How long a worker that is told to stop may still wait for a job, s. */
const patience = 1

/** Jobs on a Redis list. One that was taken stays on another list until it is finished, so that none is lost. */
export class Queue {
  #redis

  /** @param {string} url - `redis://host:port`, or the path of a unix socket */
  constructor(url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379') {
    this.#redis = new Redis(url)
  }

  async push(job) {
    await this.#redis.lpush(keys.waiting, JSON.stringify(job))
  }

  /** The next job as `{ job, text }`; undefined when there was none for a while. */
  async take() {
    const text = await this.#redis.blmove(keys.waiting, keys.taken, 'RIGHT', 'LEFT', patience)
    return text === null ? undefined : { job: JSON.parse(text), text }
  }

  async finish({ job, text }, svg) {
    await this.#redis.multi().hset(keys.drawn, job.id, svg).lrem(keys.taken, 1, text).exec()
  }

  async fail({ job, text }, error) {
    await this.#redis
      .multi()
      .hset(keys.failed, job.id, String(error))
      .lrem(keys.taken, 1, text)
      .exec()
  }

  /** Finished jobs, well or not. */
  async countFinished() {
    return (await this.#redis.hlen(keys.drawn)) + (await this.#redis.hlen(keys.failed))
  }

  async close() {
    await this.#redis.quit()
  }
}
