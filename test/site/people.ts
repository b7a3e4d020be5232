/** Three people and their answers, screen by screen. */

export interface Given {
  label: string;
  how: 'type' | 'number' | 'date' | 'select' | 'choose' | 'tickAll' | 'agree';
  value: string | string[];
  /** How the dashboard shows it. */
  shown: string;
  optional: boolean;
}

export interface Visit {
  heading: string;
  answers: Given[];
}

export interface Person {
  slug: string;
  name: string;
  /** The screens before the Wink screen. */
  before: Visit[];
  /** The heading of the Wink screen. */
  connect: string;
  /** The screens after it when an account is connected. */
  after: Visit[];
  /** The screens after it when none could be. */
  without: Visit[];
}

const given = (how: Given['how'], label: string, value: string | string[], more: Partial<Given> = {}): Given => ({
  label,
  how,
  value,
  shown: [value].flat().join(', '),
  optional: false,
  ...more,
});
const type = (label: string, value: string, more: Partial<Given> = {}) => given('type', label, value, more);
const number = (label: string, value: string, shown = value) => given('number', label, value, { shown });
const date = (label: string, value: string, shown: string) => given('date', label, value, { shown });
const select = (label: string, value: string) => given('select', label, value);
const choose = (label: string, value: string) => given('choose', label, value);
const tickAll = (label: string, value: string[]) => given('tickAll', label, value);
const agree = (label: string, shown = 'Agreed') => given('agree', label, 'true', { shown });

/** Ana drives for an app already. */
export const driver: Person = {
  slug: 'gig-driver',
  name: 'Ana Reyes',
  before: [
    {
      heading: 'Can you drive with us?',
      answers: [
        choose('Are you 21 or older?', 'Yes'),
        choose("Which driver's license do you hold?", 'Professional'),
        select('Where do you want to drive?', 'Cebu'),
      ],
    },
    {
      heading: 'About you',
      answers: [
        type('Full name', 'Ana Reyes'),
        type('Mobile number', '0917 123 4567', { shown: '+63 917 123 4567' }),
        type('License number', 'N01-12-345678'),
        agree('I agree that Padyak Express uses these answers, and the account I connect, to check my application.'),
      ],
    },
    {
      heading: 'Your vehicle and your work',
      answers: [
        choose('What will you drive?', 'Motorcycle'),
        type('Plate number', '123 ABC'),
        choose('Do you drive or deliver for an app now?', 'Yes'),
        tickAll('Which apps?', ['Grab', 'Lalamove']),
      ],
    },
  ],
  connect: 'Connect your driver account, Ana Reyes',
  after: [gettingStarted()],
  without: [
    {
      heading: 'Tell us what you earn',
      answers: [
        number('What do you earn in a usual week?', '4500', '4,500'),
        number('How many days a week do you drive?', '6'),
      ],
    },
    gettingStarted(),
  ],
};

function gettingStarted(): Visit {
  return {
    heading: 'Getting started',
    answers: [
      date('When could you start?', '2099-01-15', '15 Jan 2099'),
      choose('How should we pay you?', 'GCash'),
      type('GCash number', '0917 123 4567', { shown: '+63 917 123 4567' }),
      type('Emergency contact', 'Jun Reyes'),
      type('Mobile number of your emergency contact', '+63 918 765 4321', { shown: '+63 918 765 4321' }),
    ],
  };
}

/** Ana Hernández is paid through payroll, and asks in Spanish. */
export const borrower: Person = {
  slug: 'prestamo-nomina',
  name: 'Ana Hernández García',
  before: [
    {
      heading: 'Tu trabajo',
      answers: [
        choose('¿Cómo trabajas hoy?', 'Soy empleado'),
        type('Empresa donde trabajas', 'Aceros del Bajío'),
        select('¿Cuánto tiempo llevas ahí?', 'Más de 1 año'),
        number('¿Cuánto recibes al mes?', '14500', '14,500'),
      ],
    },
    {
      heading: 'Tu préstamo',
      answers: [
        number('¿Cuánto necesitas?', '30000', '30,000'),
        select('¿En cuánto tiempo quieres pagarlo?', '12 meses'),
        select('¿Para qué lo vas a usar?', 'Otra cosa'),
        type('¿Qué otra cosa?', 'Una moto usada'),
      ],
    },
    {
      heading: 'Sobre ti',
      answers: [
        type('Nombre completo', 'Ana Hernández García'),
        type('Celular', '55 1234 5678', { shown: '+52 55 1234 5678' }),
        type('Correo electrónico', 'ana@correo.example', { optional: true }),
        type('CURP', 'HEGA900215MDFRRN09'),
        type('RFC', 'HEGA900215AB1'),
        agree(
          'Acepto que Crédito Jacaranda use estos datos y los de mi cuenta de trabajo para revisar mi solicitud.',
          'De acuerdo',
        ),
      ],
    },
  ],
  connect: 'Conecta tu cuenta de trabajo, Ana Hernández García',
  after: [],
  without: [
    {
      heading: 'Tu último recibo de nómina',
      answers: [
        date('Fecha de pago', '2024-05-15', '15 May 2024'),
        number('Neto a pagar', '3050.5', '3,050.5'),
        choose('¿Cada cuándo te pagan?', 'Cada quincena'),
      ],
    },
  ],
};

/** Ben is self-employed, so a guarantor signs for him. */
export const tenant: Person = {
  slug: 'tenant-check',
  name: 'Ben Cruz',
  before: [
    {
      heading: 'The home you want to rent',
      answers: [
        type('Address of the home', '12B Mabini Court'),
        date('When do you want to move in?', '2099-03-01', '1 Mar 2099'),
        number('How many people will live there?', '2'),
      ],
    },
    {
      heading: 'About you',
      answers: [
        type('Full name', 'Ben Cruz'),
        type('Email', 'ben@mail.example'),
        choose('Are you working now?', 'Self-employed'),
        number('What do you live on each month?', '61000', '61,000'),
      ],
    },
    {
      heading: 'Where you live now',
      answers: [
        choose('Do you rent now?', 'Yes'),
        type('Name of your landlord or agency', 'Mr. Uy'),
        type('Email of your landlord or agency', 'uy@mail.example'),
        agree('I agree that Casa Verde Lettings uses these answers to check whether I can afford the rent.'),
      ],
    },
    {
      heading: 'Someone who stands in for you',
      answers: [
        choose('Do you have a guarantor?', 'Yes'),
        type('Full name of your guarantor', 'Liza Cruz'),
        type('Email of your guarantor', 'liza@mail.example'),
        agree('My guarantor knows that I give you their name and email.'),
      ],
    },
  ],
  connect: 'Connect your work account, Ben Cruz',
  after: [],
  without: [
    {
      heading: 'Another way to show your income',
      answers: [
        tickAll('What can you send us?', ['Bank statements of the last three months', 'Last income tax return']),
        type('Anything we should know?', 'Most clients pay in cash.', { optional: true }),
      ],
    },
  ],
};

/** The answers of some screens, as the dashboard lists them. */
export const shownOf = (...visits: Visit[]): [label: string, shown: string][] =>
  visits.flatMap(({ answers }) => answers.map(({ label, shown }): [string, string] => [label, shown]));
