using System;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Writes one row of a column as text: what nested values are put together from.</summary>
internal abstract class RowWriter
{
    private readonly Vector _values;

    private RowWriter(Vector values)
    {
        _values = values;
    }

    /// <summary>The writer of a column.</summary>
    public static RowWriter Create(Vector values, EvaluationContext context)
    {
        Zone zone = values.Type.Kind == TypeKind.Timestamp ? Zone.Of(context.TimeZone) : Zone.Utc;
        DataType type = values.Type;
        return type.Kind switch
        {
            TypeKind.Boolean => new BooleanWriter(values),
            TypeKind.Byte => new FixedWriter<sbyte, FormatInteger<sbyte>>(values, default),
            TypeKind.Short => new FixedWriter<short, FormatInteger<short>>(values, default),
            TypeKind.Integer => new FixedWriter<int, FormatInteger<int>>(values, default),
            TypeKind.Long => new FixedWriter<long, FormatInteger<long>>(values, default),
            TypeKind.Float => new FixedWriter<float, FormatFloat>(values, default),
            TypeKind.Double => new FixedWriter<double, FormatDouble>(values, default),
            TypeKind.Decimal => new FixedWriter<Int128, FormatDecimal>(values, new FormatDecimal(type.Scale)),
            TypeKind.Date => new FixedWriter<int, FormatDate>(values, default),
            TypeKind.Time => new FixedWriter<long, FormatTime>(values, default),
            TypeKind.Timestamp or TypeKind.TimestampNtz => new FixedWriter<long, FormatTimestamp>(
                values, new FormatTimestamp(zone)),
            TypeKind.YearMonthInterval => new FixedWriter<int, FormatYearMonth>(values, new FormatYearMonth(type)),
            TypeKind.DayTimeInterval => new FixedWriter<long, FormatDayTime>(values, new FormatDayTime(type)),
            TypeKind.CalendarInterval => new FixedWriter<RawInterval, FormatCalendarInterval>(values, default),
            TypeKind.Array => new ArrayWriter(values, Create(values.Child(0, type.Element!), context)),
            TypeKind.Map => new MapWriter(values, context),
            TypeKind.Struct => new StructWriter(values, context),
            TypeKind.Variant => throw QueryException.NotYet("a variant as text"),
            TypeKind.Void => new VoidWriter(values),
            _ => new BytesWriter(values),
        };
    }

    /// <summary>Writes a row that is not null.</summary>
    public abstract void Write(int row, TextSink sink);

    private void WriteOrNull(int row, TextSink sink)
    {
        if (_values.IsNull(row))
        {
            sink.Write("null"u8);
        }
        else
        {
            Write(row, sink);
        }
    }

    private sealed class VoidWriter(Vector values) : RowWriter(values)
    {
        public override void Write(int row, TextSink sink) => sink.Write("null"u8);
    }

    private sealed class BooleanWriter(Vector values) : RowWriter(values)
    {
        public override void Write(int row, TextSink sink) =>
            sink.Write(_values.IsTrue(row) ? "true"u8 : "false"u8);
    }

    private sealed class FixedWriter<T, TOperator>(Vector values, TOperator op) : RowWriter(values)
        where T : unmanaged
        where TOperator : struct, IFormatOperator<T>
    {
        public override void Write(int row, TextSink sink) => op.Write(_values.Values<T>()[row], sink);
    }

    private sealed class BytesWriter(Vector values) : RowWriter(values)
    {
        public override void Write(int row, TextSink sink) => sink.Write(_values.BytesAt(row));
    }

    private sealed class ArrayWriter(Vector values, RowWriter elements) : RowWriter(values)
    {
        public override void Write(int row, TextSink sink)
        {
            sink.Write('[');
            for (int index = _values.Offsets[row]; index < _values.Offsets[row + 1]; index++)
            {
                if (index > _values.Offsets[row])
                {
                    sink.Write(", "u8);
                }

                elements.WriteOrNull(index, sink);
            }

            sink.Write(']');
        }
    }

    private sealed class MapWriter : RowWriter
    {
        private readonly RowWriter _keys;
        private readonly RowWriter _entryValues;

        public MapWriter(Vector values, EvaluationContext context)
            : base(values)
        {
            Vector entries = NestedCasts.Entries(values);
            _keys = Create(entries.Child(0, values.Type.Key!), context);
            _entryValues = Create(entries.Child(1, values.Type.Element!), context);
        }

        public override void Write(int row, TextSink sink)
        {
            sink.Write('{');
            for (int index = _values.Offsets[row]; index < _values.Offsets[row + 1]; index++)
            {
                if (index > _values.Offsets[row])
                {
                    sink.Write(", "u8);
                }

                _keys.WriteOrNull(index, sink);
                sink.Write(" -> "u8);
                _entryValues.WriteOrNull(index, sink);
            }

            sink.Write('}');
        }
    }

    private sealed class StructWriter : RowWriter
    {
        private readonly RowWriter[] _fields;

        public StructWriter(Vector values, EvaluationContext context)
            : base(values)
        {
            _fields = new RowWriter[values.Type.Fields.Count];
            for (int fieldIndex = 0; fieldIndex < _fields.Length; fieldIndex++)
            {
                _fields[fieldIndex] = Create(values.Child(fieldIndex, values.Type.Fields[fieldIndex].Type), context);
            }
        }

        public override void Write(int row, TextSink sink)
        {
            sink.Write('{');
            for (int fieldIndex = 0; fieldIndex < _fields.Length; fieldIndex++)
            {
                if (fieldIndex > 0)
                {
                    sink.Write(", "u8);
                }

                _fields[fieldIndex].WriteOrNull(row, sink);
            }

            sink.Write('}');
        }
    }
}
