using System;
using System.Globalization;
using System.Text;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>Writes SVG: the same bytes for the same drawing, coordinates to a tenth of a unit.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _markup = new();

    /// <summary>A coordinate.</summary>
    public static string Number(double value)
    {
        double rounded = Math.Round(double.Clamp(value, -100_000, 100_000), 1);
        return (rounded == 0 ? 0 : rounded).ToString("0.#", CultureInfo.InvariantCulture);
    }

    /// <summary>Begins a drawing that a screen reader reads as one picture.</summary>
    public Svg Open(double width, double height, string cssClass, string label, string description)
    {
        _markup.Append("<svg class=\"").Append(cssClass).Append("\" viewBox=\"0 0 ").Append(Number(width)).Append(' ')
            .Append(Number(height)).Append("\" role=\"img\" aria-label=\"");
        Markup.Append(_markup, label);
        _markup.Append("\"><desc>");
        Markup.Append(_markup, description);
        _markup.Append("</desc>");
        return this;
    }

    public Svg OpenGroup(string cssClass)
    {
        _markup.Append("<g class=\"").Append(cssClass).Append("\">");
        return this;
    }

    public Svg CloseGroup()
    {
        _markup.Append("</g>");
        return this;
    }

    public Svg Line(string cssClass, double x1, double y1, double x2, double y2)
    {
        _markup.Append("<line class=\"").Append(cssClass).Append("\" x1=\"").Append(Number(x1)).Append("\" y1=\"")
            .Append(Number(y1)).Append("\" x2=\"").Append(Number(x2)).Append("\" y2=\"").Append(Number(y2))
            .Append("\"/>");
        return this;
    }

    /// <summary>A rectangle with what a pointer over it shows.</summary>
    public Svg Rectangle(double x, double y, double width, double height, string tip)
    {
        _markup.Append("<rect x=\"").Append(Number(x)).Append("\" y=\"").Append(Number(y)).Append("\" width=\"")
            .Append(Number(width)).Append("\" height=\"").Append(Number(height)).Append("\"><title>");
        Markup.Append(_markup, tip);
        _markup.Append("</title></rect>");
        return this;
    }

    public Svg Circle(double x, double y, double radius, string? tip)
    {
        _markup.Append("<circle cx=\"").Append(Number(x)).Append("\" cy=\"").Append(Number(y)).Append("\" r=\"")
            .Append(Number(radius));
        if (tip is null)
        {
            _markup.Append("\"/>");
            return this;
        }

        _markup.Append("\"><title>");
        Markup.Append(_markup, tip);
        _markup.Append("</title></circle>");
        return this;
    }

    public Svg Path(string cssClass, StringBuilder data)
    {
        _markup.Append("<path class=\"").Append(cssClass).Append("\" d=\"").Append(data).Append("\"/>");
        return this;
    }

    /// <summary>A text; where it is cut, a pointer over it shows all of it.</summary>
    public Svg Text(string cssClass, double x, double y, string text, string? whole = null)
    {
        _markup.Append("<text class=\"").Append(cssClass).Append("\" x=\"").Append(Number(x)).Append("\" y=\"")
            .Append(Number(y)).Append("\">");
        Markup.Append(_markup, text);
        if (whole is not null && whole != text)
        {
            _markup.Append("<title>");
            Markup.Append(_markup, whole);
            _markup.Append("</title>");
        }

        _markup.Append("</text>");
        return this;
    }

    public override string ToString() => _markup + "</svg>";
}
