// Components that are not drawn again while their properties stay the same.

import { Component, h } from 'preact';

/**
 * A component that is drawn again only if its properties change. Use it instead of a vnode in useMemo: such a vnode
 * refers to the tree in which it was first drawn, and so to every element that has been there since.
 *
 * @param {Function} component
 * @param {(before: Object, after: Object) => boolean} same whether both are drawn alike
 */
export function memo(component, same = sameValues) {
  return class extends Component {
    shouldComponentUpdate(next) {
      return !same(this.props, next);
    }

    render(properties) {
      return h(component, properties);
    }
  };
}

function sameValues(before, after) {
  return Object.keys({ ...before, ...after }).every((name) => Object.is(before[name], after[name]));
}
