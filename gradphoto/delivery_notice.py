"""What a centre is told of the day on which it gets its photos (notice, section 4), as text to send on. Pure."""

from config.campaign import Campaign
from gradphoto.inputs.mailing import Address
from gradphoto.shipment import Shipment


def delivery_notice(
    campaign: Campaign, centre: str, shipment: Shipment, address: Address | None, portraits: int, files: bool
) -> str:
    """The notice of one centre whose day was announced; `files` says whether it may fetch its files too."""
    contact = campaign.contact
    waybills = [one.waybill for one in shipment.going if one.waybill and not one.received]
    lines = [
        f"关于毕业生照片下发的通知（{campaign.centre(centre).name}）",
        "",
        f"{campaign.centre(centre).name}：",
        f"贵单位毕业生照片定于 {_day(shipment.date or '')} 下发，现有照片 {portraits} 人，"
        "由顺丰速运快递到贵单位，请安排专人签收，并按箱内装箱单点收。",
        _where(address),
    ]
    if waybills:
        lines.append(f"运单号：{'、'.join(waybills)}。")
    if files:
        lines.append("贵单位要的电子照片已可下载，请用发给贵单位的链接登录下载。")
    lines += [
        "签收后如有缺少、重复或照片与本人不符，请及时与我们联系。",
        "",
        f"{contact.department}  联系人：{contact.person}  电话：{contact.phone}",
    ]
    return "\n".join(lines) + "\n"


def _where(address: Address | None) -> str:
    if address is None or address.unusable:
        return "贵单位还没有留下可用的邮寄地址，请尽快把联系人、电话和详细地址告诉我们，否则无法寄出。"
    phones = "、".join(filter(None, (address.phone, address.mobile)))
    return f"邮寄地址：{address.address}，{address.contact}（{phones}）收。地址如有变动，请在下发前告诉我们。"


def _day(text: str) -> str:
    """A day as people write it.

    >>> _day("2023-08-01")
    '2023年8月1日'
    """
    year, month, day = text.split("-")
    return f"{year}年{int(month)}月{int(day)}日"
