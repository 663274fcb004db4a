'use strict'

/** An error that the client may read: its status and message become the answer. */
class HttpError extends Error {
  constructor(status, message, details) {
    super(message)
    this.status = status
    this.details = details
  }
}

module.exports = { HttpError }
