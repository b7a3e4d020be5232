import type { Wording } from './wording.ts';

const question = (label: string) => /\?\s*$/.test(label);

export const es: Wording = {
  name: 'Español',
  missing: {
    enter: (label) => (question(label) ? `Responde “${label}”` : `Completa “${label}”`),
    choose: (label) => (question(label) ? `Elige una respuesta a “${label}”` : `Elige una opción en “${label}”`),
    tick: () => 'Marca la casilla para aceptar',
  },
  page: {
    languages: 'Idiomas',
    optional: 'opcional',
    choose: 'Elige',
    step: 'Paso {n} de {of}',
    stepAbout: 'Paso {n} de {of}, aproximadamente',
    checkOne: 'Revisa 1 respuesta',
    checkSome: 'Revisa {n} respuestas',
    checkAnswer: 'Revisa esta respuesta',
    error: 'Error: ',
    next: 'Continuar',
    back: 'Atrás',
    send: 'Enviar',
    saving: 'Guardando tus respuestas',
    saved: 'Tus respuestas están guardadas.',
    offline: 'No tienes conexión. Lo guardaremos en cuanto vuelvas a tenerla.',
    trouble:
      'En este momento no podemos comunicarnos con nuestro servidor. Tus respuestas están en este dispositivo y seguimos intentándolo.',
    sending: 'Enviando',
    reference: 'Guarda esta referencia',
    copy: 'Copiar',
    copied: 'Copiada',
    again: 'Llenar otro',
    loading: 'Un momento',
  },
  wink: {
    read: 'Qué leemos',
    readOnly: 'Pedimos: {list}.',
    readAny: 'Lo que tu cuenta de trabajo guarda sobre tu empleo y tus ingresos.',
    password: 'Tu contraseña',
    passwordText: 'Inicias sesión a través de Smile. {brand} nunca ve tu contraseña.',
    takes: 'Tarda unos 2 minutos. Ten a la mano tu usuario y tu contraseña.',
    connect: 'Conectar tu cuenta de trabajo',
    opening: 'Abriendo la ventana para iniciar sesión',
    opened: 'La ventana para iniciar sesión está abierta.',
    wait: 'Suele tardar menos de un minuto.',
    connected: 'Tu cuenta de trabajo está conectada',
    another: 'Agregar otra cuenta',
    retry: 'Intentar de nuevo',
    without: 'Continuar sin conectar',
    cannot: 'No puedo conectarla en este momento',
    failed: 'No se pudo conectar',
    refused:
      '{provider} no aceptó el usuario o la contraseña que escribiste. No se compartió nada. Tus respuestas están guardadas.',
    wrongCode: '{provider} no aceptó el código de verificación. No se compartió nada. Tus respuestas están guardadas.',
    late: 'El código de verificación llegó demasiado tarde a {provider}. No se compartió nada. Tus respuestas están guardadas.',
    locked:
      '{provider} tiene bloqueada esta cuenta o ahora no se puede usar. No se compartió nada. Tus respuestas están guardadas.',
    down: '{provider} no responde en este momento. No se compartió nada. Tus respuestas están guardadas.',
    other: 'No se pudo conectar {provider}. No se compartió nada. Tus respuestas están guardadas.',
    advice: 'Usa los datos con los que entras a su sitio o aplicación. Puedes restablecer la contraseña allí y volver.',
    closed: 'Cerraste la ventana antes de conectar una cuenta. Tus respuestas están guardadas.',
    unavailable:
      'En este momento no podemos abrir la ventana para iniciar sesión. Tus respuestas están guardadas. Espera un momento e inténtalo de nuevo.',
    blocked:
      'La ventana para iniciar sesión no cargó. Revisa tu conexión o desactiva el bloqueador en esta página e inténtalo de nuevo. Tus respuestas están guardadas.',
    required: 'Conecta una cuenta de trabajo para continuar. Tus respuestas están guardadas.',
    provider: 'El proveedor',
    noScript:
      'Este paso abre una ventana para iniciar sesión y tu navegador no puede mostrarla. Envía lo que llenaste: lo guardamos, y la página siguiente te da un enlace para terminar en otro navegador o teléfono.',
  },
  server: {
    finishTitle: 'Falta un paso',
    finishText:
      'Guardamos tus respuestas. Para terminar, conecta tu cuenta de trabajo: abre este enlace en otro navegador o en otro teléfono.',
    finishLink: 'Terminar tu solicitud',
    finishKeep: 'El enlace es solo para ti. Abre tus respuestas, así que no lo compartas.',
    gone: 'Este formulario ya no está abierto',
    goneText: 'Ya no recibe respuestas nuevas. Lo que enviaste antes está guardado.',
    notFound: 'Aquí no hay ninguna página',
    notFoundText: 'Revisa la dirección o pide un enlace nuevo a quien te la envió.',
    refused: 'Esto no se pudo enviar',
    refusedText:
      'Abre otra vez el formulario en su propia dirección y envíalo desde ahí. Si una respuesta es muy larga, acórtala.',
  },
  dataPoints: {
    identities: 'nombre y datos de contacto',
    employments: 'empleador y puesto',
    incomes: 'sueldo',
    documents: 'documentos',
    contributions: 'aportaciones a la seguridad social',
    liabilities: 'préstamos',
    transactions: 'ganancias y pagos',
    ratings: 'calificaciones',
    eincomes: 'ingreso estimado',
  },
};
