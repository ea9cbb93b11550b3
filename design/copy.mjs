// Copies what is not compiled: two weights of the font, and htmx.
import { copyFileSync, mkdirSync } from 'node:fs'

const fonts = 'node_modules/@fontsource/atkinson-hyperlegible-next'
mkdirSync('../static/fonts', { recursive: true })
for (const weight of [400, 700]) {
  for (const subset of ['latin', 'latin-ext']) {
    copyFileSync(
      `${fonts}/files/atkinson-hyperlegible-next-${subset}-${weight}-normal.woff2`,
      `../static/fonts/hyperlegible-${subset}-${weight}.woff2`
    )
  }
}
copyFileSync(`${fonts}/LICENSE`, '../static/fonts/OFL.txt')
copyFileSync('node_modules/htmx.org/dist/htmx.min.js', '../static/htmx.min.js')
