using System.Text;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>
/// The words that Spark takes for dates and timestamps in constants, and only there: epoch, today, tomorrow, yesterday,
/// a time zone after each allowed and without effect on epoch.
/// </summary>
internal static class SpecialDates
{
    /// <summary>The constant of a cast of such a word; null where it is none.</summary>
    public static Kernel? Find(Kernel source, DataType type, EvaluationContext context)
    {
        bool isConstant = source is ConstantKernel { Value.NullCount: 0 } && source.Type.IsText;
        bool isTarget = type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz;
        if (!isConstant || !isTarget)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(((ConstantKernel)source).Value.BytesAt(0)).Trim();
        int end = 0;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        string zone = text[end..].Trim();
        int? day = text[..end].ToLowerInvariant() switch
        {
            "epoch" => 0,
            "today" => context.Today,
            "tomorrow" => context.Today + 1,
            "yesterday" => context.Today - 1,
            _ => null,
        };
        if (day is not { } known || (zone.Length > 0 && Zone.Find(zone) is null))
        {
            return null;
        }

        long micros = known * CivilCalendar.MicrosPerDay;
        long instant = known == 0 ? 0 : Zone.Of(context.TimeZone).ToInstant(micros);
        object value = type.Kind == TypeKind.Date
            ? known
            : (object)(type.Kind == TypeKind.Timestamp ? instant : micros);
        IArrowArray array = Constants.Repeat(value, type, 1);
        return new ConstantKernel(Vector.Constant(type, array.Data));
    }
}
