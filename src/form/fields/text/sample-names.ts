/** Names of people who do not exist, for generated answers. */

// prettier-ignore
const FIRST = ['Ana', 'José', 'Maria', 'Budi', 'Lucía', 'Li', 'Omar', 'Carlo', 'Nena', 'Ben', 'Liza', 'Jun', 'Siti', 'Diego', 'Layla', 'Wei'];
// prettier-ignore
const LAST = ['Reyes', 'Cruz', 'Santos', 'Hartono', 'Gómez', 'Wang', 'Haddad', 'Peña', 'Bautista', 'Ramos', 'Flores', 'Putri', 'Torres', 'Aquino', 'Chen', 'Salazar', 'Navarro', 'Lim', 'Wijaya', 'Mendoza'];

/** A full name. The same number is always the same person. */
export const fullName = (number: number): string =>
  `${FIRST[number % FIRST.length]} ${LAST[Math.floor(number / 7) % LAST.length]}`;
