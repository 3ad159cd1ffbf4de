import { products } from '../../shop/products.js';

/** Renders the bottom of every page: the products, and a link to the agent's side. */
export function ShopFooter({ baseUrl = '' }: { baseUrl?: string | undefined }) {
  return (
    <>
      <h2>For your desk</h2>
      <ul className="products">
        {products.map(({ name, price, picture }) => (
          <li key={name}>
            <svg viewBox="0 0 120 80" aria-hidden="true" dangerouslySetInnerHTML={{ __html: picture }} />
            <strong>{name}</strong>
            <span>{price}</span>
          </li>
        ))}
      </ul>
      <p className="aside">
        The agent's side:{' '}
        <a href={baseUrl} target="_blank" rel="noreferrer">
          {baseUrl}
        </a>
      </p>
    </>
  );
}
