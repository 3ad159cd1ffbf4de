// @ts-check

/** The shop's products. Each picture is the content of an SVG image of 120 by 80 units. */
export const products = [
  {
    name: 'Notebook, dotted',
    price: '€ 14',
    picture:
      '<rect x="40" y="10" width="44" height="60" rx="4" fill="#3f6b5c"/><rect x="40" y="10" width="9" height="60" rx="4" fill="#2c4d42"/><rect x="57" y="22" width="19" height="10" rx="2" fill="#f3ead6"/>',
  },
  {
    name: 'Ink, midnight blue',
    price: '€ 9',
    picture:
      '<rect x="48" y="12" width="24" height="13" rx="3" fill="#5a6172"/><rect x="36" y="25" width="48" height="44" rx="8" fill="#2b3f7a"/><rect x="43" y="38" width="34" height="18" rx="2" fill="#f3ead6"/>',
  },
  {
    name: 'Fountain pen, fine',
    price: '€ 32',
    picture:
      '<g transform="rotate(-24 60 40)"><rect x="22" y="35" width="62" height="11" rx="5" fill="#a3402c"/><rect x="44" y="35" width="4" height="11" fill="#d8b25c"/><path d="M84 35l16 5.5-16 5.5z" fill="#d8b25c"/></g>',
  },
  {
    name: 'Letter paper, 50 sheets',
    price: '€ 11',
    picture:
      '<rect x="28" y="20" width="64" height="44" rx="3" fill="#f3ead6" stroke="#cdbf9f"/><path d="M28 22l32 24 32-24" fill="none" stroke="#cdbf9f" stroke-width="2"/><circle cx="60" cy="47" r="7" fill="#a3402c"/>',
  },
];
