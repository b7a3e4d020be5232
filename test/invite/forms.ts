/** A form that people are invited to. */
export const INVITING = `
title: { en: Become a driver, es: Hazte conductor }
languages: [en, es]
brand: { name: Acme Rides, color: "#0b6e4f" }
params: [customer_id]
invite:
  sender: Acme Hiring
  reply_to: people@acme.example
  subject: { en: "\${firstName}, drive with \${companyName}", es: "\${firstName}, conduce con \${companyName}" }
  text:
    en: "Dear \${fullName},\\n\\nwe would like you to drive with \${companyName}."
    es: "Hola \${fullName},\\n\\nqueremos que conduzcas con \${companyName}."
  expires: 7 days
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: full_name, type: text, label: { en: Full name, es: Nombre }, required: true, autocomplete: name }
      - { id: email, type: email, label: Email, required: true }
      - { id: sss, type: text, label: { en: SSS number, es: SSS }, sensitive: true }
      - { id: age, type: number, label: { en: Age, es: Edad }, min: 18 }
      - id: city
        type: select
        label: { en: City, es: Ciudad }
        options: [{ value: manila, label: Manila }, { value: cebu, label: Cebu }]
  - id: more
    title: { en: More, es: Más }
    fields:
      - { id: why, type: textarea, label: { en: Why us?, es: ¿Por qué? } }
endings:
  - { id: done, title: { en: Thank you, es: Gracias } }
`;
