import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js'

// Only what is used here ends up in the page.
Chart.register(
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  LinearScale,
  LogarithmicScale,
  Tooltip,
)
// Nothing moves: it would be in the way of many points, and of those who want no motion.
Chart.defaults.animation = false
Chart.defaults.maintainAspectRatio = false
Chart.defaults.font.family = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif"
Chart.defaults.font.size = 12

export { Chart }
