import { streamRequests } from 'prewarm-sample-shop/requests.js'
import { runTraffic } from 'prewarm-sample-traffic'

await runTraffic(streamRequests)
