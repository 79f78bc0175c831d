using System.Linq;
using System.Text;

namespace Polder.Server.Charts;

/// <summary>A line without axes, as high as a line of text or a little higher.</summary>
internal static class Spark
{
    private const double Width = 160;
    private const int MostPoints = 400;

    /// <summary>Appends the drawing.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="values">NaN where there is none.</param>
    /// <param name="height">In units of the drawing, whose width is 160.</param>
    /// <param name="label">What a screen reader says.</param>
    public static void Append(StringBuilder html, double[] values, double height, string label)
    {
        int stride = ((values.Length - 1) / MostPoints) + 1;
        double[] shown = [.. values.Where((_, index) => index % stride == 0)];
        double[] known = [.. shown.Where(double.IsFinite)];
        double least = known.Length == 0 ? 0 : known.Min();
        double range = known.Length == 0 ? 0 : (known.Max() / 2) - (least / 2);
        double X(int index) => 3 + (shown.Length < 2 ? 77 : index * (Width - 6) / (shown.Length - 1));
        double Y(double value) =>
            height - 4 - (range == 0 ? (height - 8) / 2 : ((value / 2) - (least / 2)) / range * (height - 8));
        StringBuilder path = new();
        bool moves = true;
        int last = -1;
        for (int index = 0; index < shown.Length; index++)
        {
            if (!double.IsFinite(shown[index]))
            {
                moves = true;
                continue;
            }

            path.Append(moves ? 'M' : 'L').Append(Svg.Number(X(index))).Append(' ')
                .Append(Svg.Number(Y(shown[index])));
            moves = false;
            last = index;
        }

        Svg svg = new Svg().Open(Width, height, "spark", label, label).OpenGroup("s1").Path("line", path);
        if (last >= 0)
        {
            svg.Circle(X(last), Y(shown[last]), 2.5, null);
        }

        html.Append(svg.CloseGroup());
    }
}
