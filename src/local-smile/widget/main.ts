import { SmileLinkModal } from './modal.ts';

const script = document.currentScript;
SmileLinkModal.scriptUrl = script instanceof HTMLScriptElement ? script.src : '';

Object.assign(globalThis, { SmileLinkModal });
