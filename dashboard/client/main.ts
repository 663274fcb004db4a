import './app-shell.ts'
