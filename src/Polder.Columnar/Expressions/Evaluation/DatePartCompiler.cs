using System;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>Kernels of the fields of dates, times, timestamps and intervals.</summary>
internal static class DatePartCompiler
{
    /// <summary>The kernel of a field.</summary>
    public static Kernel Compile(Call call, Kernel operand, EvaluationContext context)
    {
        DataType type = call.Type.Kind == TypeKind.Byte ? DataType.Integer : call.Type;
        Kernel kernel = operand.Type.Kind switch
        {
            TypeKind.Void => new ConstantKernel(Vector.Null(type)),
            TypeKind.Date => new UnaryKernel<int, int, DayField>(operand, type, new DayField(call.Function)),
            TypeKind.Timestamp => OfLocal(call.Function, type, operand, Zone.Of(context.TimeZone)),
            TypeKind.TimestampNtz or TypeKind.Time => OfLocal(call.Function, type, operand, Zone.Utc),
            TypeKind.YearMonthInterval => new UnaryKernel<int, int, MonthsField>(
                operand, type, new MonthsField(call.Function)),
            TypeKind.DayTimeInterval => OfDayTime(call.Function, type, operand),
            TypeKind.CalendarInterval => OfCalendar(call.Function, type, operand),
            _ => throw ArithmeticCompiler.Unknown(call),
        };
        return type.Equals(call.Type)
            ? kernel
            : new UnaryKernel<int, sbyte, Truncate<int, sbyte>>(kernel, call.Type, default);
    }

    private static Kernel OfLocal(Function function, DataType type, Kernel operand, Zone zone) => function switch
    {
        Function.SecondWithFraction => new UnaryKernel<long, Int128, SecondsOfTime>(
            operand, type, new SecondsOfTime(zone)),
        Function.Hour or Function.Minute or Function.Second => new UnaryKernel<long, int, TimeField>(
            operand, type, new TimeField(function, zone)),
        _ => new UnaryKernel<long, int, LocalDayField>(operand, type, new LocalDayField(function, zone)),
    };

    private static Kernel OfDayTime(Function function, DataType type, Kernel operand) => function switch
    {
        Function.SecondWithFraction => new UnaryKernel<long, Int128, SecondsOfInterval>(operand, type, default),
        Function.Day => new UnaryKernel<long, int, DaysOfInterval>(operand, type, default),
        _ => new UnaryKernel<long, int, IntervalTimeField>(operand, type, new IntervalTimeField(function)),
    };

    private static Kernel OfCalendar(Function function, DataType type, Kernel operand) => function switch
    {
        Function.SecondWithFraction => new UnaryKernel<RawInterval, Int128, CalendarSeconds>(
            operand, type, default),
        _ => new UnaryKernel<RawInterval, int, CalendarField>(operand, type, new CalendarField(function)),
    };
}

/// <summary>A field of a day.</summary>
internal readonly struct DayField(Function function) : IUnaryOperator<int, int>
{
    private readonly Function _function = function;

    /// <summary>The field of a day that needs no 32 bits.</summary>
    public static int Get(Function function, long day) => function switch
    {
        Function.Year => CivilCalendar.ToCivil(day).Year,
        Function.Quarter => ((CivilCalendar.ToCivil(day).Month - 1) / 3) + 1,
        Function.Month => CivilCalendar.ToCivil(day).Month,
        Function.WeekOfYear => CivilCalendar.Week(day),
        Function.YearOfWeek => CivilCalendar.WeekYear(day),
        Function.Day => CivilCalendar.ToCivil(day).Day,
        Function.DayOfWeek => ((CivilCalendar.Weekday(day) + 1) % 7) + 1,
        Function.DayOfWeekIso => CivilCalendar.Weekday(day) + 1,
        Function.Weekday => CivilCalendar.Weekday(day),
        Function.DayOfYear => CivilCalendar.DayOfYear(day),
        _ => 0,
    };

    /// <inheritdoc />
    public bool TryApply(int input, out int result)
    {
        result = Get(_function, input);
        return true;
    }
}

/// <summary>A field of the day that a timestamp lies in.</summary>
internal readonly struct LocalDayField(Function function, Zone zone) : IUnaryOperator<long, int>
{
    private readonly Function _function = function;
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long input, out int result)
    {
        result = DayField.Get(_function, CivilCalendar.DayOf(_zone.ToLocal(input)));
        return true;
    }
}

/// <summary>Hour, minute or second of a timestamp or a time.</summary>
internal readonly struct TimeField(Function function, Zone zone) : IUnaryOperator<long, int>
{
    private readonly Function _function = function;
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long input, out int result)
    {
        long time = CivilCalendar.TimeOf(_zone.ToLocal(input));
        result = (int)(_function switch
        {
            Function.Hour => time / CivilCalendar.MicrosPerHour,
            Function.Minute => time / CivilCalendar.MicrosPerMinute % 60,
            _ => time / CivilCalendar.MicrosPerSecond % 60,
        });
        return true;
    }
}

/// <summary>Seconds of the minute with six decimals.</summary>
internal readonly struct SecondsOfTime(Zone zone) : IUnaryOperator<long, Int128>
{
    private readonly Zone _zone = zone;

    /// <inheritdoc />
    public bool TryApply(long input, out Int128 result)
    {
        result = CivilCalendar.TimeOf(_zone.ToLocal(input)) % CivilCalendar.MicrosPerMinute;
        return true;
    }
}

/// <summary>Years, or months beyond whole years, of a number of months.</summary>
internal readonly struct MonthsField(Function function) : IUnaryOperator<int, int>
{
    private readonly bool _isYear = function == Function.Year;

    /// <inheritdoc />
    public bool TryApply(int input, out int result)
    {
        result = _isYear ? input / 12 : input % 12;
        return true;
    }
}

/// <summary>Whole days of an interval.</summary>
internal readonly struct DaysOfInterval : IUnaryOperator<long, int>
{
    /// <inheritdoc />
    public bool TryApply(long input, out int result)
    {
        result = (int)(input / CivilCalendar.MicrosPerDay);
        return true;
    }
}

/// <summary>Hours of the day, minutes of the hour, seconds of the minute of an interval, with its sign.</summary>
internal readonly struct IntervalTimeField(Function function) : IUnaryOperator<long, int>
{
    private readonly Function _function = function;

    /// <inheritdoc />
    public bool TryApply(long input, out int result)
    {
        result = (int)(_function switch
        {
            Function.Hour => input / CivilCalendar.MicrosPerHour % 24,
            Function.Minute => input / CivilCalendar.MicrosPerMinute % 60,
            _ => input / CivilCalendar.MicrosPerSecond % 60,
        });
        return true;
    }
}

/// <summary>Seconds of the minute of an interval, with six decimals and its sign.</summary>
internal readonly struct SecondsOfInterval : IUnaryOperator<long, Int128>
{
    /// <inheritdoc />
    public bool TryApply(long input, out Int128 result)
    {
        result = input % CivilCalendar.MicrosPerMinute;
        return true;
    }
}

/// <summary>A whole field of a calendar interval.</summary>
internal readonly struct CalendarField(Function function) : IUnaryOperator<RawInterval, int>
{
    private readonly Function _function = function;

    /// <inheritdoc />
    public bool TryApply(RawInterval input, out int result)
    {
        result = (int)(_function switch
        {
            Function.Year => input.Months / 12,
            Function.Quarter => (input.Months % 12 / 3) + 1,
            Function.Month => input.Months % 12,
            Function.Day => input.Days,
            Function.Hour => input.Micros / CivilCalendar.MicrosPerHour,
            Function.Minute => input.Micros / CivilCalendar.MicrosPerMinute % 60,
            _ => input.Micros / CivilCalendar.MicrosPerSecond % 60,
        });
        return true;
    }
}

/// <summary>Seconds of the minute of a calendar interval, with six decimals.</summary>
internal readonly struct CalendarSeconds : IUnaryOperator<RawInterval, Int128>
{
    /// <inheritdoc />
    public bool TryApply(RawInterval input, out Int128 result)
    {
        result = input.Micros % CivilCalendar.MicrosPerMinute;
        return true;
    }
}
