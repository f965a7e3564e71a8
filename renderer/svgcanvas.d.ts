/** Draws as a canvas does, and gives an SVG; it comes without types. */
declare module 'svgcanvas' {
  export class Context {
    constructor(options: { width: number; height: number });
    canvas: unknown;
    fillStyle: string;
    font: string;
    textAlign: string;
    textBaseline: string;
    fillRect(x: number, y: number, width: number, height: number): void;
    /** @param fixNamedEntities writes entities that XML does not know as numbers */
    getSerializedSvg(fixNamedEntities?: boolean): string;
    __currentElement: Element;
    __applyCurrentDefaultPath: () => void;
    __applyText: (text: string, x: number, y: number, action: string) => void;
    __closestGroupOrSvg(): Element;
    __createElement(name: string, attributes: Record<string, string | number>, resetFill: boolean): Element;
    __applyTransformation(element: Element): void;
    __applyStyleToCurrentElement(action: string): void;
  }
}
