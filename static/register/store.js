// What is kept on this device: marks that wait to be sent, each under a key of its own so that
// two tabs never overwrite each other's, and the names and marks of an evening for when the
// page is opened without the network. Everything belongs to the account that was signed in.
export const LONGEST = 12 * 60 * 60 * 1000
const TAP = 'tonight.tap.'
const PAGE = 'tonight.page.'
let isForgotten = false

// Where the browser keeps nothing, the open page still does.
const kept = works(window.localStorage) ? window.localStorage : inMemory()

function works(storage) {
  try {
    storage.setItem('tonight.try', '1')
    storage.removeItem('tonight.try')
    return true
  } catch {
    return false
  }
}

function inMemory() {
  const items = new Map()
  return {
    get length() { return items.size },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => items.set(name, value),
    removeItem: (name) => items.delete(name)
  }
}

function names(beginning) {
  const found = []
  for (let index = 0; index < kept.length; index += 1) found.push(kept.key(index))
  return found.filter((name) => name.startsWith(beginning)).sort()
}

function read(name) {
  try {
    return JSON.parse(kept.getItem(name))
  } catch {
    return null
  }
}

// What people wrote or are asked about a tap is remembered by the open page only: why it changes,
// and what the server said. A page that is opened again sends the tap again, and hears it again.
const remembered = new Map()

// The marks that an account tapped in one session and that did not arrive yet, in order.
export function taps(account, session) {
  return names(`${TAP}${account}.${session}.`).map((name) => {
    const tap = read(name)
    return { ...tap, ...remembered.get(tap.key), name }
  })
}

// Keeps a new tap after all others, also when the device's clock was set back.
export function addTap(account, session, tap) {
  const beginning = `${TAP}${account}.${session}.`
  const last = names(beginning).pop()
  const latest = last ? Number(last.slice(beginning.length).split('.')[0]) : 0
  const key = newKey()
  const name = `${beginning}${Math.max(Date.now(), latest + 1)}.${key}`
  const whole = { ...tap, key, name, at: Date.now() }
  keepTap(whole)
  return whole
}

export function keepTap({ name, reason, asks, problem, ...tap }) {
  remembered.set(tap.key, { reason, asks, problem })
  kept.setItem(name, JSON.stringify(tap))
}

export function removeTap(tap) {
  remembered.delete(tap.key)
  kept.removeItem(tap.name)
}

export function keepPage(account, session, people) {
  if (isForgotten) return
  const until = Date.now() + LONGEST
  kept.setItem(`${PAGE}${account}.${session}`, JSON.stringify({ until, people }))
}

// The evening as it was last seen here, by whoever was signed in last: { account, people }.
export function pageOf(session) {
  const name = names(PAGE).find((each) => each.endsWith(`.${session}`))
  return name && { account: name.slice(PAGE.length).split('.')[0], people: read(name).people }
}

// Removes what is over twelve hours old, and the names that another account saw. Gives how many
// marks of `account` were too old.
export function purge(account) {
  for (const name of names(PAGE)) {
    const isOthers = account && !name.startsWith(`${PAGE}${account}.`)
    if (isOthers || !(read(name)?.until > Date.now())) kept.removeItem(name)
  }
  const old = names(TAP).filter((name) => !(read(name)?.at > Date.now() - LONGEST))
  old.forEach((name) => kept.removeItem(name))
  return old.filter((name) => name.startsWith(`${TAP}${account}.`)).length
}

// How many marks of an account wait, in whatever session.
export function waitingOf(account) {
  return names(`${TAP}${account}.`).length
}

// At sign-out: every name, and the marks of whoever signs out. True when marks of somebody
// else stay, who was signed out before they were sent.
export function forget(account) {
  isForgotten = true
  names(PAGE).concat(names(`${TAP}${account}.`)).forEach((name) => kept.removeItem(name))
  return names(TAP).length > 0
}

// A random UUID; crypto.randomUUID is there only where the page came by https.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 15) | 64
  bytes[8] = (bytes[8] & 63) | 128
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
