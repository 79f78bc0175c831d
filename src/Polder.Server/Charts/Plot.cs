using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Server.Charts;

/// <summary>
/// The frame of a chart: two scales, a quiet grid, labels. Letters are larger on narrow screens, where the drawing is
/// scaled down; the margins leave room for that, and every second label goes.
/// </summary>
internal sealed class Plot
{
    public const double Width = 640;

    /// <summary>How much larger letters are on narrow screens, where the drawing is scaled down.</summary>
    public const double LargestType = 1.45;

    private const double Top = 28;
    private const double Right = 14;

    private readonly IReadOnlyList<Tick> _ticks;
    private readonly double _left;
    private readonly double _bottom;
    private readonly bool _isLog;

    /// <param name="height">Of the drawing.</param>
    /// <param name="least">The least y.</param>
    /// <param name="most">The largest y.</param>
    /// <param name="isLog">Whether y is shown by its logarithm; both are positive then.</param>
    /// <param name="format">Of the numbers along y.</param>
    /// <param name="hasContext">Whether labels of x take two lines.</param>
    public Plot(double height, double least, double most, bool isLog, string? format, bool hasContext)
    {
        Height = height;
        _isLog = isLog;
        int count = int.Max(2, (int)(height / 55));
        _ticks = isLog ? Ticks.Logarithmic(least, most, format) : Ticks.Linear(least, most, count, format);
        _left = double.Max(28, (_ticks.Max(tick => CategoryLabels.WidthOf(tick.Label)) * LargestType) + 10);
        _bottom = height - (hasContext ? 42 : 26);
    }

    public double Height { get; }

    public double Left => _left;

    public double InnerWidth => Width - _left - Right;

    public double Bottom => _bottom;

    /// <summary>Where a number stands; the nearest edge where it is beyond.</summary>
    public double Y(double value)
    {
        double least = Scale(_ticks[0].Value);
        double most = Scale(_ticks[^1].Value);
        double share = ((Scale(value) / 2) - (least / 2)) / ((most / 2) - (least / 2));
        return _bottom - (double.Clamp(share, 0, 1) * (_bottom - Top));
    }

    /// <summary>Where bars begin: at 0, or at the edge where 0 is not shown.</summary>
    public double Baseline => _isLog ? _bottom : Y(0);

    /// <summary>Draws the grid and the numbers along it.</summary>
    public void DrawGrid(Svg svg, string yTitle)
    {
        svg.OpenGroup("grid");
        foreach (Tick tick in _ticks)
        {
            double y = Y(tick.Value);
            svg.Line(tick.Value == 0 ? "zero" : "rule", _left, y, Width - Right, y);
        }

        svg.CloseGroup().OpenGroup("labels y");
        foreach (Tick tick in _ticks)
        {
            svg.Text("end", _left - 7, Y(tick.Value) + 4, tick.Label);
        }

        svg.CloseGroup();
        string title = CategoryLabels.Fit(yTitle, Width / LargestType);
        if (_ticks.Count > 0 && title.Length > 0)
        {
            svg.Text("title", 0, 10, title, yTitle);
        }
    }

    /// <summary>Draws labels along x at places between the edges.</summary>
    public void DrawLabels(Svg svg, IReadOnlyList<Tick> ticks, Func<double, double> place)
    {
        svg.OpenGroup("labels x");
        for (int index = 0; index < ticks.Count; index++)
        {
            double x = place(ticks[index].Value);
            string anchor = x > Width - Right - 12 ? "end" : "middle";
            svg.Text(index % 2 == 0 ? anchor : anchor + " alternate", x, _bottom + 18, ticks[index].Label);
            Tick? next = ticks.Skip(index + 1).FirstOrDefault(tick => tick.Context.Length > 0);
            double room = next is null ? Width : place(next.Value) - x;
            if (ticks[index].Context.Length > 0 &&
                room > CategoryLabels.WidthOf(ticks[index].Context) * LargestType)
            {
                svg.Text(anchor + " context", x, _bottom + 34, ticks[index].Context);
            }
        }

        svg.CloseGroup();
    }

    private double Scale(double value) => _isLog ? Math.Log10(value) : value;
}
