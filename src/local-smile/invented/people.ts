/** One of the sandbox's test people (Smile, Understanding the API, "Sandbox"). */
export interface SandboxPerson {
  userName: string;
  fullName: string;
  email: string;
  mobile: string;
  password: string;
  code: string;
  ssNumber: string | null;
}

export const people: readonly SandboxPerson[] = [
  {
    userName: 'George',
    fullName: 'George Palomero Jr.',
    email: 'gpalomero1234@smileapi.io',
    mobile: '(+63) 9559991234',
    password: '123456',
    code: '1234',
    ssNumber: '3300000008',
  },
  {
    userName: 'Ryan',
    fullName: 'Ryan Lestari',
    email: 'ryan1234@smileapi.io',
    mobile: '(+62) 8119994321',
    password: '654321',
    code: '1234',
    ssNumber: null,
  },
  {
    userName: 'Christina',
    fullName: 'Christina Tan',
    email: 'christina4321@smileapi.io',
    mobile: '(+65) 99996789',
    password: 'YGUS1',
    code: '1234',
    ssNumber: null,
  },
  {
    userName: 'Anisha',
    fullName: 'Anisha Bhatia',
    email: 'anisha98765@smileapi.io',
    mobile: '(+91) 9511198765',
    password: '123456',
    code: '1234',
    ssNumber: null,
  },
];

/** Finds the person of a login: by user name, email, mobile number or SS number, in any case and spacing. */
export function findPerson(login: string): SandboxPerson | undefined {
  const word = login.trim().toLowerCase();
  const digits = /[a-z@]/.test(word) ? '' : word.replace(/\D/g, '');
  return people.find(
    (person) =>
      word === person.userName.toLowerCase() ||
      word === person.email ||
      (digits !== '' && (digits === person.ssNumber || digits === person.mobile.replace(/\D/g, ''))),
  );
}
