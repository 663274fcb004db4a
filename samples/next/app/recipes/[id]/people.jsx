'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useState } from 'react'

/** For how many to cook. */
export function People({ initial }) {
  const [people, setPeople] = useState(initial)
  const router = useRouter()
  const path = usePathname()
  function change(by) {
    const next = Math.max(1, people + by)
    setPeople(next)
    router.replace(`${path}?people=${next}`)
  }
  return (
    <p>
      <button onClick={() => change(-1)}>-</button> For {people}{' '}
      <button onClick={() => change(1)}>+</button>
    </p>
  )
}
