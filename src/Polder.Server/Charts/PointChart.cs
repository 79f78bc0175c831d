using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Polder.Server.Charts;

/// <summary>Lines, areas and scattered points over numbers, times or categories.</summary>
internal sealed class PointChart
{
    private const int MostMarks = 2000;

    // Up to so many points a line has dots, which say their values.
    private const int MostDots = 60;

    private readonly ChartArguments _arguments;
    private readonly ChartData _data;
    private readonly List<ChartSeries> _series;

    public PointChart(ChartData data, ChartArguments arguments)
    {
        _arguments = arguments;
        _data = data;
        _series = [.. data.Series];
        if (arguments.Log)
        {
            _series = [.. _series.Select(series => series with
            {
                Points = [.. series.Points.Select(point => (point.X, point.Y > 0 ? point.Y : double.NaN))],
            })];
            LostCount = data.Series.Sum(series => series.Points.Count(point => point.Y <= 0));
        }

        TotalCount = _series.Sum(series => series.Points.Count);
        if (IsStacked)
        {
            _series = Pile(_series);
        }

        int most = MostMarks / int.Max(1, _series.Count);
        _series = [.. _series.Select(series => series with { Points = Thin(series.Points, most) })];
        Count = _series.Sum(series => series.Points.Count);
    }

    /// <summary>Points that are drawn.</summary>
    public int Count { get; }

    /// <summary>Points of the data.</summary>
    public int TotalCount { get; }

    /// <summary>Values that a logarithm does not show.</summary>
    public int LostCount { get; }

    /// <summary>What the legend says.</summary>
    public IEnumerable<ChartSeries> Legend => _data.Series;

    private bool IsStacked => _arguments is { Kind: "area", Log: false } && _data.Series.Count > 1;

    private bool IsScatter => _arguments.Kind == "scatter";

    public string Draw(string label, string description)
    {
        (double least, double most) = Range(_series.SelectMany(series => series.Points).Select(point => point.Y));
        if (_arguments is { Kind: "area", Log: false })
        {
            least = double.Min(0, least);
            most = double.Max(0, most);
        }

        (double first, double last) = Range(_series.SelectMany(series => series.Points).Select(point => point.X));
        if (_arguments.Log && least <= 0)
        {
            (least, most) = (1, 10);
        }

        Plot plot = new(
            _arguments.Height, least, most, _arguments.Log, _arguments.Format, _data.Axis == AxisKind.Time);
        (IReadOnlyList<Tick> ticks, first, last) = Count == 0 ? ([], 0, 1) : TicksOf(first, last, plot);
        double inset = IsScatter || _data.Axis == AxisKind.Category ? 10 : 3;
        double X(double value) => plot.Left + inset + (last > first
            ? ((value / 2) - (first / 2)) / ((last / 2) - (first / 2)) * (plot.InnerWidth - (2 * inset))
            : (plot.InnerWidth / 2) - inset);
        Svg svg = new Svg().Open(Plot.Width, plot.Height, "chart " + _arguments.Kind, label, description);
        plot.DrawGrid(svg, ChartView.AxisTitle(_arguments));
        plot.DrawLabels(svg, ticks, X);
        bool hasDots = Count <= MostDots && !IsStacked;

        // What stands last is on top: those without a colour first, of the others the first last.
        for (int index = _series.Count - 1; index >= 0; index--)
        {
            ChartSeries series = _series[index];
            svg.OpenGroup($"s{series.Style}");
            if (!IsScatter)
            {
                DrawLine(svg, series, index, X, plot);
            }

            if (IsScatter || hasDots)
            {
                DrawDots(svg, series, X, plot);
            }
            else
            {
                DrawLonely(svg, series, X, plot);
            }

            svg.CloseGroup();
        }

        return svg.ToString();
    }

    private (IReadOnlyList<Tick> Ticks, double First, double Last) TicksOf(double first, double last, Plot plot)
    {
        switch (_data.Axis)
        {
            case AxisKind.Time:
                IReadOnlyList<Tick> times = TimeTicks.Of(first, last, 8);
                return (times.Count > 0 ? times : TimeTicks.Of(first, first, 1), first, last);
            case AxisKind.Category:
                double room = plot.InnerWidth / int.Max(1, _data.Categories.Count);
                double widest = _data.Categories.Count == 0 ? 1 : _data.Categories.Max(CategoryLabels.WidthOf) + 10;
                int stride = int.Max(1, (int)Math.Ceiling(double.Min(widest, 64) / room));
                return ([.. Enumerable.Range(0, _data.Categories.Count).Where(index => index % stride == 0)
                    .Select(index => new Tick(
                        index, CategoryLabels.Fit(_data.Categories[index], (room * stride) - 6)))], first, last);
            default:
                IReadOnlyList<Tick> numbers = Ticks.Linear(
                    first, last, 7, _arguments.X < 0 ? null : _arguments.FormatOf(_arguments.X));

                // A line goes from edge to edge, and round numbers stand where they are.
                return IsScatter || first == last
                    ? (numbers, numbers[0].Value, numbers[^1].Value)
                    : ([.. numbers.Where(tick => tick.Value >= first && tick.Value <= last)], first, last);
        }
    }

    private void DrawLine(Svg svg, ChartSeries series, int index, Func<double, double> x, Plot plot)
    {
        if (_arguments.Kind == "area")
        {
            StringBuilder area = new();
            foreach ((int start, int end) in Runs(series.Points))
            {
                for (int point = start; point < end; point++)
                {
                    Append(area, point == start, x(series.Points[point].X), plot.Y(series.Points[point].Y));
                }

                for (int point = end - 1; point >= start; point--)
                {
                    double below = IsStacked && index > 0 ? _series[index - 1].Points[point].Y : double.NaN;
                    Append(
                        area, false, x(series.Points[point].X), double.IsNaN(below) ? plot.Baseline : plot.Y(below));
                }

                area.Append('Z');
            }

            svg.Path("fill", area);
        }

        StringBuilder line = new();
        foreach ((int start, int end) in Runs(series.Points))
        {
            for (int point = start; point < end; point++)
            {
                Append(line, point == start, x(series.Points[point].X), plot.Y(series.Points[point].Y));
            }
        }

        svg.Path("line", line);
    }

    private void DrawDots(Svg svg, ChartSeries series, Func<double, double> x, Plot plot)
    {
        foreach ((double pointX, double pointY) in series.Points)
        {
            if (!double.IsNaN(pointY))
            {
                string tip = (_series.Count > 1 ? $"{XText(pointX)}, {series.Name}: " : XText(pointX) + ": ") +
                    ChartView.NumberText(pointY, _arguments);
                svg.Circle(x(pointX), plot.Y(pointY), IsScatter ? 3.5 : 2.6, Count <= 500 ? tip : null);
            }
        }
    }

    // A point with gaps on both sides has no line.
    private static void DrawLonely(Svg svg, ChartSeries series, Func<double, double> x, Plot plot)
    {
        foreach ((int start, int end) in Runs(series.Points))
        {
            if (end - start == 1)
            {
                svg.Circle(x(series.Points[start].X), plot.Y(series.Points[start].Y), 1.5, null);
            }
        }
    }

    private string XText(double value) => _data.Axis switch
    {
        AxisKind.Category => _data.Categories[(int)value],
        AxisKind.Time => DateTime.UnixEpoch.AddSeconds(value) is { TimeOfDay.Ticks: 0 } day
            ? day.ToString("d MMM yyyy", CultureInfo.InvariantCulture)
            : DateTime.UnixEpoch.AddSeconds(value).ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture),
        _ => NumberFormat.Short(value),
    };

    private static void Append(StringBuilder path, bool moves, double x, double y) =>
        path.Append(moves ? 'M' : 'L').Append(Svg.Number(x)).Append(' ').Append(Svg.Number(y));

    private static IEnumerable<(int Start, int End)> Runs(List<(double X, double Y)> points)
    {
        int start = 0;
        for (int index = 0; index <= points.Count; index++)
        {
            if (index == points.Count || double.IsNaN(points[index].Y))
            {
                if (index > start)
                {
                    yield return (start, index);
                }

                start = index + 1;
            }
        }
    }

    private static (double Least, double Most) Range(IEnumerable<double> values)
    {
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            least = double.Min(least, value);
            most = double.Max(most, value);
        }

        return least <= most ? (least, most) : (0, 1);
    }

    // Every series over all places of x, each on top of those before it.
    private static List<ChartSeries> Pile(List<ChartSeries> series)
    {
        double[] places = [.. series.SelectMany(item => item.Points).Select(point => point.X).Distinct().Order()];
        double[] sums = new double[places.Length];
        List<ChartSeries> piled = [];
        foreach (ChartSeries item in series)
        {
            foreach ((double x, double y) in item.Points)
            {
                sums[Array.BinarySearch(places, x)] += double.IsNaN(y) ? 0 : y;
            }

            piled.Add(item with { Points = [.. places.Select((x, index) => (x, sums[index]))] });
        }

        return piled;
    }

    // Of each stretch the first, the least, the largest and the last: a line through them looks like the whole.
    private List<(double X, double Y)> Thin(List<(double X, double Y)> points, int most)
    {
        if (points.Count <= most)
        {
            return points;
        }

        // Piles must keep the same places: every so many-th.
        if (IsScatter || IsStacked)
        {
            int stride = ((points.Count - 1) / most) + 1;
            return [.. points.Where((_, index) => index % stride == 0)];
        }

        int stretch = (int)Math.Ceiling(points.Count / (most / 4.0));
        List<(double X, double Y)> thinned = [];
        for (int start = 0; start < points.Count; start += stretch)
        {
            List<(double X, double Y)> part = points.GetRange(start, int.Min(stretch, points.Count - start));
            int least = 0;
            int largest = 0;
            for (int index = 0; index < part.Count; index++)
            {
                least = part[index].Y < part[least].Y || double.IsNaN(part[least].Y) ? index : least;
                largest = part[index].Y > part[largest].Y || double.IsNaN(part[largest].Y) ? index : largest;
            }

            thinned.AddRange(new SortedSet<int> { 0, least, largest, part.Count - 1 }.Select(index => part[index]));
        }

        return thinned;
    }
}
