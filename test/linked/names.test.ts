import { describe, expect, it } from 'vitest';
import { compareEmployers } from '../../src/linked/employers.ts';
import { compareNames } from '../../src/linked/names.ts';

describe('names of people', () => {
  it.each([
    ['George Palomero', 'George Cimafranca Palomero, Jr', 'agree'],
    ['george palomero', 'GEORGE PALOMERO', 'agree'],
    ['Palomero, George', 'George Palomero', 'agree'],
    ['José Muñoz Peña', 'JOSE MUNOZ PENA', 'agree'],
    ['Juan dela Cruz', 'Juan Dela Cruz', 'agree'],
    ['Juan de la Cruz', 'JUAN DELACRUZ', 'agree'],
    ['Maria Santos', 'Ma. Santos', 'agree'],
    ['Christina D. Tan', 'Christina dela Cruz Tan', 'unknown'],
    ['Ana L. Reyes', 'Ana Lopez Reyes', 'agree'],
    ['Ramón Gonzales', 'Ramon Gonzalez', 'agree'],
    ['Dr. Sofia Reyes', 'Sophia Reyes', 'agree'],
    ["Sean O'Brien", 'Sean OBrien', 'agree'],
    ['Mary Ann Lim', 'Maryann Lim', 'agree'],
    ['Jean-Luc Picard', 'Jean Luc Picard', 'agree'],
    ['Mohd Ali', 'Muhammad Ali', 'agree'],
    ['Siti binti Rahman', 'Siti Rahman', 'agree'],
    ['王小明', '王 小明', 'agree'],
    ['Suharto', 'SUHARTO', 'agree'],
    ['Jürgen Groß', 'Jurgen Gross', 'agree'],
    ['Maria Santos', 'Mario Santos', 'differs'],
    ['Ana Reyes', 'Ben Reyes', 'differs'],
    ['Ana Reyes', 'George Cimafranca Palomero, Jr', 'differs'],
    ['George', 'George Cimafranca Palomero, Jr', 'unknown'],
    ['G. Palomero', 'George Cimafranca Palomero, Jr', 'unknown'],
    ['Ana Lopez Cruz', 'Ana Lopez Garcia', 'unknown'],
    ['王小明', 'Wang Xiaoming', 'unknown'],
    ['', 'Ana Reyes', 'unknown'],
    ['???', 'Ana Reyes', 'unknown'],
  ])('%j and %j: %s', (declared, linked, verdict) => {
    expect(compareNames(declared, linked).verdict).toBe(verdict);
    expect(compareNames(linked, declared).verdict).toBe(verdict);
  });

  it('say why where it is not plain', () => {
    expect(compareNames('George', 'George Palomero').why).toBe('Only a part of the name is the same');
    expect(compareNames('Ana Reyes', 'Ben Lim').why).toBeUndefined();
  });
});

describe('names of companies', () => {
  it.each([
    ['ABC', 'ABC Corporation', 'agree'],
    ['Aceros del Bajío', 'ACEROS DEL BAJIO S.A. DE C.V.', 'agree'],
    ['Grab', 'Grab Philippines, Inc.', 'agree'],
    ['Jollibee', 'Jollibee Foods Corporation', 'agree'],
    ['PT Gojek', 'Gojek Tbk', 'agree'],
    ['BPI', 'Bank of the Philippine Islands', 'agree'],
    ['7-Eleven', '7 Eleven', 'agree'],
    ['Johnson & Johnson', 'Johnson and Johnson, Ltd.', 'agree'],
    ['Metro Courier', 'Metro Bank', 'differs'],
    ['Hotel Mirador', 'ABC Corporation', 'differs'],
    ['Bank', 'Bank of Commerce', 'unknown'],
    ['Commerce', 'Bank of Commerce', 'unknown'],
    ['SM', 'Shoe Mart', 'differs'],
    ['', 'ABC Corporation', 'unknown'],
  ])('%j and %j: %s', (declared, linked, verdict) => {
    expect(compareEmployers(declared, linked).verdict).toBe(verdict);
  });
});
