/** What each type of field is for, and how one is written, for the manual. A test parses each example in a form. */
import type { fieldTypeNames } from '../fields/fields.ts';

interface TypeManual {
  about: string;
  example: string;
}

export const typeManual: Record<(typeof fieldTypeNames)[number], TypeManual> = {
  text: {
    about: 'One line of text, such as a name or an employer.',
    example: `
- id: full_name
  type: text
  label: Full name
  required: true
  autocomplete: name`,
  },
  textarea: {
    about: 'Text of several lines, for an answer that needs an explanation.',
    example: `
- id: reason
  type: textarea
  label: Why would you like to work with us?
  help: Two or three sentences are enough.
  max_length: 500`,
  },
  email: {
    about: 'An email address. A phone shows the keyboard with @.',
    example: `
- { id: email, type: email, label: Email, required: true }`,
  },
  phone: {
    about: 'A phone number. People can write it in any usual way. Flipsite adds the country code.',
    example: `
- { id: mobile, type: phone, label: Mobile number, country: PH, required: true }`,
  },
  url: {
    about: 'The address of a web page, such as a profile.',
    example: `
- { id: profile, type: url, label: Your public profile }`,
  },
  number: {
    about: 'A number. It is a whole number, unless `step` says otherwise.',
    example: `
- { id: years, type: number, label: Years of experience, min: 0, max: 60 }`,
  },
  money: {
    about:
      'An amount in one currency. People can type it in any usual way: 14,500.50, 14.500,50 or $14 500. If it could mean two amounts, the page asks.',
    example: `
- { id: monthly_income, type: money, label: Monthly income, currency: PHP, min: 0 }`,
  },
  date: {
    about: 'A date. Its limits can depend on the current day.',
    example: `
- id: born
  type: date
  label: Date of birth
  max: today - 18 years
  autocomplete: bday
  required: true`,
  },
  time: {
    about: 'A time of the day. Put times in quotes.',
    example: `
- { id: call_at, type: time, label: When may we call you?, min: '09:00', max: '18:00' }`,
  },
  radio: {
    about: 'One of a few options, all visible. For more than seven options, `select` is easier.',
    example: `
- id: status
  type: radio
  label: Are you working now?
  required: true
  options:
    - { value: employed, label: Employed }
    - { value: self, label: Self-employed }
    - { value: none, label: Not working }`,
  },
  checkboxes: {
    about: 'Any number of options.',
    example: `
- id: apps
  type: checkboxes
  label: Which apps do you drive for?
  options:
    - { value: grab, label: Grab }
    - { value: joyride, label: JoyRide }
    - { value: angkas, label: Angkas }`,
  },
  select: {
    about: 'One of many options, in a list that opens.',
    example: `
- id: city
  type: select
  label: Where do you want to drive?
  options:
    - { value: manila, label: Metro Manila }
    - { value: cebu, label: Cebu }
    - { value: davao, label: Davao }`,
  },
  yes_no: {
    about: 'Yes or no. Rules read it as `true` or `false`: `{ has_car: true }`.',
    example: `
- { id: has_car, type: yes_no, label: Do you have a car?, required: true }`,
  },
  consent: {
    about: 'A box to tick to agree. With `required`, people can continue only after they tick it.',
    example: `
- id: agree
  type: consent
  label: I agree that Acme Rides reads my income once.
  required: true`,
  },
  country: {
    about: 'A country, from a list of all countries. Flipsite stores its code of two letters.',
    example: `
- { id: nationality, type: country, label: Nationality, required: true }`,
  },
  address: {
    about: 'A postal address, in several parts that the browser can fill in.',
    example: `
- { id: home, type: address, label: Where do you live?, country: PH, required: true }`,
  },
  rating: {
    about: 'A number of stars.',
    example: `
- { id: app_rating, type: rating, label: How do you like our app?, max: 5 }`,
  },
  scale: {
    about: 'A whole number from a row of numbers. The first and the last one can have a label.',
    example: `
- id: likely
  type: scale
  label: How likely are you to recommend us?
  min: 0
  max: 10
  min_label: Not at all
  max_label: Very`,
  },
  file: {
    about: 'One file or several: a photo of an ID, a payslip.',
    example: `
- { id: payslip, type: file, label: Your last payslip, required: true }`,
  },
  signature: {
    about: 'A signature, drawn with the finger or the mouse.',
    example: `
- { id: signed, type: signature, label: Sign here, required: true }`,
  },
  hidden: {
    about: "A value that people don't see. It comes from the link, or is always the same.",
    example: `
- { id: branch, type: hidden, default: manila }`,
  },
  computed: {
    about:
      'A number that Flipsite calculates from other answers and shows. You can use `+ - * / %`, comparisons, `&& || !`, `condition ? a : b`, and the functions `min max round floor ceil abs`. Yes counts as 1. No, and a missing answer, count as 0.',
    example: `
- { id: hours, type: number, label: Hours a week, min: 0, max: 80 }
- { id: rate, type: money, label: Pay an hour, currency: PHP }
- { id: pay, type: computed, label: Pay a month, value: round(hours * rate * 52 / 12), currency: PHP }`,
  },
  statement: {
    about: 'A text between the fields. It asks nothing.',
    example: `
- { id: soon, type: statement, text: You are nearly there. Two more questions. }`,
  },
};
