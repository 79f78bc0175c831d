using System;
using System.Collections.Generic;
using System.Text;
using Polder.Columns;
using Polder.Delta.Shapes;
using Polder.Fuzz.Forge;

namespace Polder.Fuzz.Targets;

/// <summary>The text of a partition value, for every type; what is read is written so that it is read again.</summary>
internal sealed class PartitionValueTarget() : FuzzTarget("partition-value")
{
    private static readonly DataType[] Types =
    [
        DataType.Boolean, DataType.Byte, DataType.Short, DataType.Integer, DataType.Long, DataType.Float,
        DataType.Double, DataType.Decimal(38, 18), DataType.Decimal(5, 0), DataType.Date, DataType.Timestamp,
        DataType.TimestampNtz, DataType.String,
    ];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (string text in (string[])
            [
                "", "true", "-128", "9223372036854775807", "1.5E-3", "NaN", "-Infinity", "12.340", "2024-02-29",
                "2024-02-29 12:34:56.789", "2024-02-29T12:34:56.123456Z", "-0001-01-01", "1e400", "+9999-12-31",
            ])
        {
            yield return Encoding.UTF8.GetBytes(text);
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        string text = TableLog.Text(input);
        foreach (DataType type in Types)
        {
            if (!PartitionText.TryParse(text, type, out object? value) || value is null or "")
            {
                continue;
            }

            string? written = PartitionText.Format(value, type);
            if (!PartitionText.TryParse(written, type, out object? again) || !Equals(again, value))
            {
                throw new BrokenContractException($"'{text}' as {type} is {value}, written '{written}', read {again}");
            }
        }
    }
}
