// Sends the marks that wait on this device, one after the other and in order. A mark leaves the
// device only when the server has said what became of it; until then it goes again, under the
// same key, so that it counts once.
import { keepTap, removeTap, taps } from './store.js'

const SETTLE = 400 // the arrow keys may pass over a mark
const PATIENCE = 15000
const LONGEST_PAUSE = 30000

export class Sender {
  // page: { account, session, tapsUrl, newsUrl, csrf }. told: saved, asked, refused, changed.
  constructor(page, told) {
    Object.assign(this, { page, told, state: 'well', pause: 1000, timer: null, isBusy: false })
    window.addEventListener('online', () => this.hurry())
    window.addEventListener('focus', () => this.hurry())
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry())
  }

  waiting() { return taps(this.page.account, this.page.session) }
  toSend() { return this.waiting().filter((tap) => !tap.asks && !tap.problem) }

  soon(milliseconds = SETTLE) {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.send(), milliseconds)
  }

  hurry() {
    this.pause = 1000
    if (this.toSend().length) this.soon(0)
  }

  // Only one tab at a time, where browsers can arrange that.
  async send() {
    if (this.isBusy) return
    this.isBusy = true
    try {
      await (navigator.locks ? navigator.locks.request('tonight', () => this.#all()) : this.#all())
    } finally {
      this.isBusy = false
      this.told.changed()
    }
  }

  async #all() {
    for (let tap = this.toSend()[0]; tap; tap = this.toSend()[0]) {
      const early = tap.at + SETTLE - Date.now()
      if (early > 0 && early <= SETTLE) return this.soon(early)
      keepTap({ ...tap, isSent: true })
      const state = await this.#one({ ...tap, isSent: true })
      if (state !== this.state) {
        this.state = state
        this.told.changed()
      }
      if (state !== 'well') {
        this.soon(this.pause)
        this.pause = Math.min(this.pause * 2, LONGEST_PAUSE)
        return
      }
      this.pause = 1000
    }
  }

  // well: go on. network, out, other: the tap stays, and goes again.
  async #one(tap, isSecondTry = false) {
    let answer
    let told
    try {
      answer = await post(this.page, tap)
      told = answer.ok || answer.status === 422 ? await answer.json() : null
    } catch {
      return 'network'
    }
    if (told) {
      this.#settle(tap, told)
      return 'well'
    }
    if (answer.status >= 500 || answer.status === 429) return 'network'
    const state = await this.#whoIsSignedIn()
    return state === 'well' && !isSecondTry ? this.#one(tap, true) : state === 'well' ? 'network' : state
  }

  #settle(tap, { saved, asks, problem }) {
    // Another tab may have sent it already, and so may know better.
    if (!this.waiting().some((each) => each.key === tap.key)) return
    if (saved) {
      removeTap(tap)
      this.waiting()
        .filter((later) => later.participant === tap.participant && later.name > tap.name)
        .forEach((later) => keepTap({ ...later, seen: saved.seen }))
      this.told.saved(tap, saved)
    } else if (asks) {
      keepTap({ ...tap, asks })
      this.told.asked(tap, asks)
    } else {
      keepTap({ ...tap, problem })
      this.told.refused(tap, problem)
    }
  }

  // The session may be over, or another one may have begun in another tab.
  async #whoIsSignedIn() {
    const news = await askNews(this.page)
    if (!news.account) return news.state
    if (String(news.account) !== this.page.account) return 'other'
    this.page.csrf = news.csrf
    return 'well'
  }
}

// What the server has to tell; { state } when it cannot be asked.
export async function askNews(page) {
  try {
    const answer = await patiently(page.newsUrl, { headers: { Accept: 'application/json' } })
    if (answer.type === 'opaqueredirect') return { state: 'out' }
    if (answer.ok) return await answer.json()
    return { state: answer.status >= 500 || answer.status === 429 ? 'network' : 'other' }
  } catch {
    return { state: 'network' }
  }
}

function post(page, tap) {
  const body = new URLSearchParams({
    csrf_token: page.csrf,
    account: page.account,
    key: tap.key,
    participant: tap.participant,
    mark: tap.mark,
    how: tap.how,
    seen: tap.seen,
    reason: tap.reason || ''
  })
  return patiently(page.tapsUrl, { method: 'POST', body })
}

// A redirect leads to signing in; it is not followed.
function patiently(url, options) {
  const signal = AbortSignal.timeout?.(PATIENCE)
  return fetch(url, { ...options, redirect: 'manual', signal })
}
