using System.Runtime.InteropServices;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>A calendar interval as Arrow holds it: months, days, nanoseconds, 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct RawInterval(int Months, int Days, long Nanos)
{
    /// <summary>The part below days in microseconds.</summary>
    public long Micros => Nanos / 1000;

    /// <summary>Spark's form.</summary>
    public CalendarInterval ToInterval() => new(Months, Days, Micros);

    /// <summary>Arrow's form; false where the microseconds exceed what nanoseconds hold.</summary>
    public static bool TryCreate(long months, long days, long micros, out RawInterval interval)
    {
        interval = default;
        if (months != (int)months || days != (int)days || micros is > long.MaxValue / 1000 or < long.MinValue / 1000)
        {
            return false;
        }

        interval = new RawInterval((int)months, (int)days, micros * 1000);
        return true;
    }
}
